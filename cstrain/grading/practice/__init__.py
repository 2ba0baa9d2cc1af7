"""Practice for learners: drawn questions with an answer at once, and the book of their wrong questions."""
