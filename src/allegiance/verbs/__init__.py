"""The week in fourteen verbs, a file each; no verb imports another."""
