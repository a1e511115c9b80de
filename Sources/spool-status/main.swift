internal import SpoolConsole
internal import SpoolStatus

StatusCommand.run().end()
