import Blocking
import Synchronization
import TestSupport
import Testing

@testable import MongoDriver

@Suite struct DriverConnectionTests {
    /// Nothing listens on port 1 of this machine.
    static let away: [(uri: String, timeout: Duration)] = [
        ("mongodb://127.0.0.1:1", .milliseconds(300)),
        ("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300", .seconds(60)),
        ("mongodb://127.0.0.1:1/?replicaSet=rs0", .milliseconds(300)),
    ]

    @Test(arguments: away)
    func aServerThatIsAwayIsUnavailableInTime(uri: String, timeout: Duration) async throws {
        var configuration = MongoConfiguration(uri: uri, databaseName: "test")
        configuration.serverSelectionTimeout = timeout
        let things = try MongoDatabase(configuration).collection("things")
        let clock = ContinuousClock()
        let start = clock.now
        let error = await #expect(throws: StoreError.self) { try await things.insertOne(["_id": 1]) }
        #expect(error?.code == .unavailable)
        let found = await #expect(throws: StoreError.self) { try await things.find([:]) }
        #expect(found?.code == .unavailable)
        // Both commands together; the library's own default would be twice 30 s.
        #expect(clock.now - start < .seconds(30))
    }

    @Test func aWrongPasswordIsDeniedAndNeverShown() async throws {
        let address = try TestServer.uri.replacing("mongodb://", with: "mongodb://nobody:hunter2@", maxReplacements: 1)
        let database = try MongoDatabase(MongoConfiguration(uri: address, databaseName: "admin"))
        let error = await #expect(throws: StoreError.self) { try await database.ping() }
        #expect(error?.code == .denied)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test(arguments: ["not a uri", "mongodb://me:hunter2@x@host/?a", "mongodb://me:hunter2/3@host", "mongodb://a:b:c"])
    func aMalformedURIIsRefusedWithoutItsPassword(uri: String) throws {
        let error = #expect(throws: StoreError.self) {
            try MongoDatabase(MongoConfiguration(uri: uri, databaseName: "test"))
        }
        #expect(error?.code == .refused)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test func aMissingAuthorityFileIsRefused() throws {
        var configuration = MongoConfiguration(uri: "mongodb://127.0.0.1", databaseName: "test")
        configuration.tlsCAFile = "/nowhere/ca.pem"
        #expect(throws: StoreError.self) { try MongoDatabase(configuration) }
    }

    @Test func sixtyFourTasksShareFourClients() async throws {
        try await TestServer.withDatabase(clientCount: 4) { database in
            let things = database.collection("things")
            try await things.insertOne(["_id": "counter", "n": 0])
            try await withThrowingTaskGroup { group in
                for task in 0..<64 {
                    group.addTask {
                        for step in 0..<10 {
                            try await things.insertOne(["_id": .int(task * 100 + step)])
                            try await things.updateOne(["_id": "counter"], ["$inc": ["n": 1]])
                            #expect(try await things.findOne(["_id": .int(task * 100 + step)]) != nil)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await things.findOne(["_id": "counter"])?["n"] == 640)
            #expect(try await things.count() == 641)
        }
    }

    @Test func aCancelledTaskStillFinishesItsCommand() async throws {
        try await TestServer.withDatabase(clientCount: 1) { database in
            let things = database.collection("things")
            try await withThrowingTaskGroup { group in
                for id in 0..<20 {
                    group.addTask { try await things.insertOne(["_id": .int(id)]) }
                }
                group.cancelAll()
                try await group.waitForAll()
            }
            #expect(try await things.count() == 20)
        }
    }

    @Test func theThreadsCloseThePoolWhenNobodyNeedsThem() async throws {
        weak var pool: ClientPool?
        do {
            let configuration = MongoConfiguration(uri: try TestServer.uri, databaseName: "test")
            let lent = try ClientPool(configuration)
            pool = lent
            let threads = BlockingThreadPool(count: 3, label: "mongo") { lent }
            let reply = try await threads.run { (clients) throws(StoreError) in
                try clients.withClient { (client) throws(StoreError) in
                    try client.read(["ping": 1], on: "test", call: "ping")
                }
            }
            #expect(reply["ok"]?.intValue == 1)
        }
        let deadline = ContinuousClock().now + .seconds(10)
        while pool != nil, ContinuousClock().now < deadline {
            try await Task.sleep(for: .milliseconds(10))  // the threads end in their own time
        }
        #expect(pool == nil)
    }

    @Test func theLibrarysLogGoesToTheHandler() throws {
        let messages = Mutex<[String]>([])
        MongoLibrary.setLogHandler { level, _, message in
            if level <= .warning { messages.withLock { $0.append(message) } }
        }
        defer { MongoLibrary.setLogHandler(nil) }
        _ = try MongoDatabase(MongoConfiguration(uri: "mongodb://127.0.0.1/?nonsense=1", databaseName: "test"))
        #expect(messages.withLock { $0 }.contains { $0.contains("nonsense") })
    }

    static let codes: [(UInt32, UInt32, StoreError.Code)] = [
        (2, 4, .unavailable), (15, 13053, .unavailable), (1, 11, .denied), (1, 8, .refused), (14, 1, .denied),
        (17, 11000, .duplicateKey), (17, 13, .denied), (17, 18, .denied), (17, 10107, .unavailable),
        (17, 11600, .unavailable), (16, 64, .unavailable), (17, 10334, .invalid), (17, 2, .refused), (8, 0, .invalid),
    ]

    @Test(arguments: codes)
    func libraryAndServerNumbersBecomeCodes(domain: UInt32, status: UInt32, code: StoreError.Code) {
        #expect(StoreError.code(domain: domain, status: status) == code)
    }
}
