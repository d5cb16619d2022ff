import Testing

@testable import ServiceConfiguration

@Suite struct EnvironmentTests {
    @Test func aVariableReplacesTheFilesValue() throws {
        #expect(try settings("[App]\nport = 9000").app.port == 9000)
        #expect(try settings("[App]\nport = 9000", ["APP_PORT": "9001"]).app.port == 9001)
        #expect(try settings("[App]\nport = bad", ["APP_PORT": "9001"]).app.port == 9001)
    }

    @Test func anEmptyVariableOrValueCountsAsNotSet() throws {
        #expect(try settings("[App]\nport = 9000", ["APP_PORT": " "]).app.port == 9000)
        #expect(try settings("[App]\nport =").app.port == 8081)
    }

    @Test func everyKeyHasAVariable() {
        for keys in KeyTable.sections {
            for key in keys.all {
                let section = type(of: keys).section + (type(of: keys).isNumbered ? ".3" : "")
                let variable = EnvironmentOverrides.variable(section: section, key: key.name)
                let value = EnvironmentOverrides([variable: "x"])[section: section, key: key.name]
                #expect(value == "x")
                #expect(variable.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" })
            }
        }
    }

    static let foreign: [[String: String]] = [
        ["S3_FOO": "1"], ["APP_VERSION": "2.1"], ["app_port": "x"],
        ["MONGODB_SERVICE_HOST": "10.0.0.7", "MONGODB_SERVICE_PORT": "27017"],
        ["AUTOANNOTATION_ENGINE": "x"], ["AUTOANNOTATION_2": "x"], ["AUTOANNOTATION_0_ENGINE": "x"],
        ["AUTOANNOTATION_2_COLOUR": "x"], ["AUTOANNOTATION_X_ENGINE": "x"], ["PORT": "x", "HOME": "x"],
    ]

    @Test(arguments: foreign)
    func variablesOfOthersAreIgnored(environment: [String: String]) throws {
        let settings = try settings("", environment)
        #expect(settings.app.port == 8081)
        #expect(settings.autoAnnotation.keys.sorted() == [1])
        #expect(settings.notices.isEmpty)
    }

    /// Variables that nobody reads, and those that were probably meant.
    static let misspelled = [
        ("APP_PROT", "APP_PORT"), ("APP__PORT", "APP_PORT"), ("APP_PORT_", "APP_PORT"), ("S3_BUCKET", "S3_BUCKET_NAME"),
        ("MONGODB_HOST", "MONGODB_SERVER_IP"), ("WORKER_LEASE_SECOND", "WORKER_LEASE_SECONDS"),
        ("APP_AUTH_KEY", "APP_API_KEY"),
    ]

    @Test(arguments: misspelled)
    func aVariableThatLooksLikeAKeyIsNoticed(name: String, meant: String) throws {
        let settings = try settings("", [name: "1"])
        #expect(settings.notices == ["environment variable \(name) is not read; did you mean \(meant)?"])
        #expect(settings.app.port == 8081)
    }

    @Test func aServiceLinkIsIgnoredAndNoticed() throws {
        let environment = [
            "MONGODB_PORT": "tcp://10.0.0.7:27017", "MONGODB_PORT_27017_TCP": "tcp://10.0.0.7:27017",
            "REDIS_PORT": "tcp://10.0.0.8:6379",
        ]
        let settings = try settings("[MongoDB]\nport = 27018", environment)
        #expect(settings.mongoDB.connectionString.reveal() == "mongodb://127.0.0.1:27018/annotation")
        #expect(
            settings.notices == [
                "environment variable MONGODB_PORT holds a link of the container platform and is ignored"
            ])
    }

    @Test func aVersionCanComeFromTheEnvironmentAlone() throws {
        let settings = try settings(
            "[autoannotation.2]\nengine = onnx",
            ["AUTOANNOTATION_2_MODEL": "yolo.onnx", "AUTOANNOTATION_12_TRACK": "on"])
        #expect(settings.autoAnnotation.keys.sorted() == [1, 2, 12])
        #expect(settings.autoAnnotation[2]?.model == "yolo.onnx")
        #expect(settings.autoAnnotation[12]?.tracks == true)
    }
}
