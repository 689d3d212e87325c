"""Let `python -m sitebuild` work."""

from sitebuild.cli import main

if __name__ == "__main__":
    main()
