internal import SpoolConsole
internal import SpoolCheck

CheckCommand.run().end()
