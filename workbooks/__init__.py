"""Reading and writing spreadsheet files. Knows nothing of units, scores or any other business."""
