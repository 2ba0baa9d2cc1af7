"""cstrain: training, exams and governed promotion for customer-service departments."""
