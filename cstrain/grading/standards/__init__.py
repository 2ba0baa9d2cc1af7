"""Standard setting: panels of judges recommend where a paper's cut should lie."""
