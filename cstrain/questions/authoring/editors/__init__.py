"""One file a question type: how it is typed into a page. Each registers itself under the type's YAML name."""
