"""Programmes, enrolments, days, sign-offs, mentors, gates, conversion cases, cohort evaluation."""
