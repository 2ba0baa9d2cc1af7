"""Editions of policies made in the browser, approved by three people, acknowledged by those they bind."""
