"""``python -m timesink`` is the command line."""

from timesink._launcher import main

if __name__ == "__main__":
    main()
