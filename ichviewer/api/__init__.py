"""What scripts and notebooks use, under the names that `ichviewer` has for it: thin over the services, no window."""
