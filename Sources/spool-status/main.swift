import Foundation
import Spool

exit(StatusCommand.run(Array(CommandLine.arguments.dropFirst())).rawValue)
