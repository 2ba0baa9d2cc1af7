"""``python -m cstrain`` is the ``cstrain`` command."""

from cstrain.cli import main

if __name__ == "__main__":
    main()
