"""Reports that a question is wrong (纠错), and the answers to them."""
