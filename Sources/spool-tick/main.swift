internal import SpoolConsole
internal import SpoolTick

TickCommand.run().end()
