"""Pure decisions: no input or output, no framework. What a rule says here the phone says too."""
