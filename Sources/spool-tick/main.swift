import Foundation
import Spool

exit(TickCommand.run().rawValue)
