"""Marking what people must mark, from queues: blind, a sample or all of it twice."""
