@testable import SpoolDelivery
import Testing

struct MessageRoomTests {
    private static let half = MessageRoom.limit / 2

    @Test func `messages go out as long as they fit beside the others`() {
        var room = MessageRoom()
        let first = room.enter(Self.half)
        _ = room.enter(Self.half)
        #expect(!room.admits(1, isOnly: false))
        room.leave(first)
        #expect(room.admits(Self.half, isOnly: false) && !room.admits(Self.half + 1, isOnly: false))
    }

    @Test func `a single one goes beyond that, of a mailing that has nothing else under way`() {
        var room = MessageRoom()
        _ = room.enter(Self.half)
        #expect(!room.admits(MessageRoom.limit, isOnly: false))
        #expect(room.admits(MessageRoom.limit, isOnly: true))
        let large = room.enter(MessageRoom.limit)
        #expect(!room.admits(MessageRoom.limit, isOnly: true))
        // It takes nobody's room.
        #expect(room.admits(Self.half, isOnly: false))
        room.leave(large)
        #expect(room.admits(MessageRoom.limit, isOnly: true))
    }

    @Test func `whatever has been under way, there is all the room again when nothing is`() {
        var room = MessageRoom()
        let sizes = [1, MessageRoom.limit, 3 * MessageRoom.limit, Self.half, MessageRoom.limit, 0]
        let shares = sizes.map { room.enter($0) }
        #expect(shares.count { $0 == .beyond } == 1)
        for share in shares { room.leave(share) }
        #expect(room.admits(MessageRoom.limit, isOnly: false) && room.admits(.max / 2, isOnly: true))
    }
}
