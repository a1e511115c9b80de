import Foundation
import Spool

exit(CheckCommand.run(Array(CommandLine.arguments.dropFirst())).rawValue)
