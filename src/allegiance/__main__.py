"""`python -m allegiance`."""

from allegiance.cli.main import main

if __name__ == "__main__":
    main()
