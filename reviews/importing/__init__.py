"""Bringing a quarter's scores in from a workbook: check everything first, then load all or nothing."""
