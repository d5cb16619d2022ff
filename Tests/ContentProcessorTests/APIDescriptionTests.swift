import Domain
import Foundation
import Hummingbird
import ServiceConfiguration
import Testing

@testable import ContentProcessor

/// The OpenAPI document against the router and against itself; the end-to-end tests hold it against the live service.
@Suite struct APIDescriptionTests {
    static let routes = APIDescription().groups.flatMap(\.routes)

    /// The parts of a service that is not running: nothing is connected yet.
    static func parts() throws -> ServiceDependencies {
        let configuration = try Configuration.load(
            path: nil, environment: ["APP_API_KEY": "a-key-for-the-unit-tests"],
            workingDirectory: FileManager.default.temporaryDirectory.path())
        return try ServiceDependencies(configuration: configuration, role: "test")
    }

    static func router() throws -> Router<APIRequestContext> {
        let parts = try Self.parts()
        return try makeRouter(
            parts.routeDependencies(watch: JobWatch(database: parts.database, streamLimit: 1, logger: parts.logger)))
    }

    @Test func theDocumentHasTheRoutesOfTheRouter() throws {
        let served = try Self.router().routes.map(\.description)
        #expect(Self.routes.map { "\($0.method) \($0.path)" }.sorted() == served.sorted())
    }

    @Test func everyNameOfAPathIsAParameter() {
        for route in Self.routes {
            let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
            let parameters = route.parameters.filter { $0.place == .path }.map { $0.name[...] }
            #expect(parameters == names, "\(route.path)")
        }
    }

    @Test func namesOfOperationsAreUnique() {
        #expect(Set(Self.routes.map(\.id)).count == Self.routes.count)
    }

    @Test(arguments: routes.filter { $0.path.hasPrefix("/api/") }.map(\.id))
    func aRouteBelowAPITellsOfItsKey(id: String) throws {
        let operation = try #require(Self.operation(id))
        let responses = try #require(operation["responses"] as? [String: Any])
        #expect(Set(["401", "500", "503"]).isSubset(of: responses.keys))
        #expect((operation["security"] as? [Any])?.isEmpty == false)
    }

    @Test func processingTellsOfEveryStatusOfTheContract() throws {
        let responses = try #require(Self.operation("processContent")?["responses"] as? [String: Any])
        let contract = ["200", "202", "400", "401", "404", "409", "413", "415", "422", "429", "503"]
        #expect(Set(contract).isSubset(of: responses.keys))
    }

    /// Makers of clients give up on a list of nobody knows what.
    @Test func everyListTellsOfItsItems() throws {
        func check(_ value: Any, at place: String) {
            if let list = value as? [Any] { list.enumerated().forEach { check($1, at: "\(place)/\($0)") } }
            guard let object = value as? [String: Any] else { return }
            if object["type"] as? String == "array" { #expect(object["items"] != nil, "\(place)") }
            for (name, member) in object { check(member, at: "\(place)/\(name)") }
        }
        check(try #require(try Self.document()), at: "")
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        let text = String(decoding: try APIDescription().encoded(), as: UTF8.self)
        let document = try #require(try Self.document())
        let components = try #require(document["components"] as? [String: Any])
        let schemas = try #require(components["schemas"] as? [String: Any])
        let references = text.matches(of: #/"\$ref" : "#\/components\/schemas\/(\w+)"/#).map { String($0.1) }
        #expect(!references.isEmpty)
        #expect(Set(references).subtracting(schemas.keys).isEmpty)
        #expect(Set(schemas.keys).subtracting(references).isEmpty, "schemas that nothing refers to")
    }

    private static func document() throws -> [String: Any]? {
        try JSONSerialization.jsonObject(with: APIDescription().encoded()) as? [String: Any]
    }

    private static func operation(_ id: String) -> [String: Any]? {
        let paths = (try? Self.document())?["paths"] as? [String: [String: [String: Any]]]
        return paths?.values.flatMap(\.values).first { $0["operationId"] as? String == id }
    }
}
