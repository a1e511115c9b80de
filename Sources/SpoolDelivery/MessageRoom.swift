/// How many bytes are under way at once, reports aside: they are in memory, and making them takes time.
///
/// A message that does not fit beside the others waits for them, unless nothing else of its mailing is under way: then
/// one goes out beyond the limit. So no large message waits for as long as others send small ones, and no other mailing
/// waits for one that hangs.
struct MessageRoom {
    /// How a message that is under way is counted.
    enum Share: Equatable {
        case within(bytes: Int)
        case beyond
    }

    private var bytes = 0
    private var isExceeded = false

    static let limit = 32 << 20

    /// Whether a message of about so many bytes may go out.
    ///
    /// - Parameter isOnly: nothing else of its mailing is under way.
    func admits(_ size: Int, isOnly: Bool) -> Bool { fits(size) || isOnly && !isExceeded }

    /// Counts a message that has been admitted; it may have come to more bytes than it was taken for.
    mutating func enter(_ size: Int) -> Share {
        if isExceeded || fits(size) {
            bytes += size
            return .within(bytes: size)
        }
        isExceeded = true
        return .beyond
    }

    /// It is not under way any more.
    mutating func leave(_ share: Share) {
        switch share {
        case .within(let size): bytes -= size
        case .beyond: isExceeded = false
        }
    }

    private func fits(_ size: Int) -> Bool { bytes + size <= MessageRoom.limit }
}
