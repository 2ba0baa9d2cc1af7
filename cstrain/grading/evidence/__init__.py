"""All that is known of an attempt, for its candidate and for who decides an appeal; what must add up."""
