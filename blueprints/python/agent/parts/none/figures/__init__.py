"""What the agent computes. Nothing in here knows of the SDK."""
