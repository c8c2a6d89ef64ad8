"""Two worlds that differ only in what somebody may not know: asked the same, they must answer the same.

`addresses` says what is asked, `asking` asks, `changing` makes the second world of the first, `comparing`
tells what differs. Nothing in an answer is masked: chance and the clock are held at their sources.
"""
