import Foundation
import Spool

exit(TickCommand.run(Array(CommandLine.arguments.dropFirst())).rawValue)
