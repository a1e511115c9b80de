internal import SpoolConsole
internal import SpoolReturns

ReturnsCommand.run().end()
