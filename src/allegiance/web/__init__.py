"""The web application: a documented HTTP interface, jobs in a worker process, and one page."""
