import Foundation
import Spool

exit(CheckCommand.run().rawValue)
