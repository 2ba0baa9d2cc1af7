"""Daily and weekly reports of group leaders; contests of a department and the titles they give."""
