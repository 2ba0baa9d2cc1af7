"""Rules of onboarding: dates, days, signatures, gates, samples, risk. Pure, one module a subject."""
