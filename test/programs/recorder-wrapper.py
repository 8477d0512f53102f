"""A decorator of the package: it calls the program."""


def passed_through(function):
    def wrapper(*args):
        return function(*args)

    return wrapper
