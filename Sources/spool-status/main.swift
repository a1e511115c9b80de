import Foundation
import Spool

exit(StatusCommand.run().rawValue)
