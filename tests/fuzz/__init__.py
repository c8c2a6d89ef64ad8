"""What no browser would send: every form, query and address of the product is asked nonsense.

Whoever asks and whatever is asked, the product answers with a page, a redirect or a refusal, never with an
error of its own; what it refuses it has not half done. `test_quick.py` is the short form that every change
passes, `python -m tests.trust fuzz` the long one.
"""
