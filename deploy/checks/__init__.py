"""What can be known of the deployment without an account: the tools that check it, and how they are run."""
