"""Post performance plans, the joint monthly assessment and its final review, interviews, disputes."""
