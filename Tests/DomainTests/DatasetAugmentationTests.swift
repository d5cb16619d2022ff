import Domain
import Testing

@Suite struct DatasetAugmentationTests {
    private static let version = ObjectID(seconds: 1, unique: 2)
    private static let task = ObjectID(seconds: 3, unique: 4)

    static let identifiers: [(identifier: String, type: String)] = [
        ("FLIP_HORIZONTAL", "flip-horizontal"), ("FLIP_VERTICAL", "flip-vertical"), ("CLOCKWISE", "rotate-90"),
        ("COUNTER_CLOCKWISE", "rotate-270"), ("UPSIDE_DOWN", "rotate-180"), ("ROTATION", "rotate"),
        ("GAUSSIAN_BLUR", "blur-gaussian"), ("AVERAGE_BLUR", "blur-average"), ("MEDIAN_BLUR", "blur-median"),
        ("GAUSSIAN_NOISE", "noise-gaussian"), ("LAPLACE_NOISE", "noise-laplace"), ("SHEAR", "shear"),
        ("SHEAR_X", "shear-x"), ("SHEAR_Y", "shear-y"), ("BRIGHTNESS_ADD", "brightness-add"),
        ("BRIGHTNESS_MULTIPLY", "brightness-multiply"), ("HUE_ADD", "hue-add"), ("HUE_MULTIPLY", "hue-multiply"),
        ("SATURATION_ADD", "saturation-add"), ("SATURATION_MULTIPLY", "saturation-multiply"),
        ("GRAYSCALE", "grayscale"), ("CROP", "crop"), ("CROP_PAD", "crop-pad"),
        ("GAMMA_CONTRAST", "contrast-gamma"), ("SIGMOID_CONTRAST", "contrast-sigmoid"), ("SHARPEN", "sharpen"),
    ]

    @Test(arguments: identifiers)
    func identifierNamesItsTypeAndTheTypeItself(fact: (identifier: String, type: String)) throws {
        for name in [fact.identifier, fact.type] {
            let isSwitch = AugmentationType(rawValue: fact.type)?.allowedValues == nil
            let request = AugmentationRequest(
                identifier: name, value: isSwitch ? .flag(true) : .range(low: 1, high: 1))
            #expect(try Augmentation.list([request], rules: AugmentationRules()).map(\.type.rawValue) == [fact.type])
        }
    }

    @Test func everyTypeHasAnIdentifier() {
        #expect(Set(AugmentationType.typesByIdentifier.values) == Set(AugmentationType.allCases))
        #expect(AugmentationType.allCases.allSatisfy { !$0.rawValue.contains("_") })
    }

    static let refusals: [AugmentationRequest] = [
        AugmentationRequest(identifier: "MIXUP", value: .flag(true)),
        AugmentationRequest(identifier: "FLIP_HORIZONTAL", value: .range(low: 0, high: 1)),
        AugmentationRequest(identifier: "ROTATION", value: .flag(true)),
        AugmentationRequest(identifier: "ROTATION", value: .range(low: -1000, high: 0)),
        AugmentationRequest(identifier: "CROP", value: .unreadable("[1, 2, 3]")),
    ]

    @Test(arguments: refusals)
    func requestThatCannotBeFollowedIsAnError(request: AugmentationRequest) {
        #expect(throws: AugmentationError.self) { try Augmentation.list([request], rules: AugmentationRules()) }
    }

    @Test func configurationNamesDividesAndDisables() throws {
        let rules = AugmentationRules(
            typesByIdentifier: ["SPIN": "rotate", "BAD": "spin"], divisorsByIdentifier: ["SPIN": 10],
            disabledIdentifiers: ["MIXUP"])
        let requests = [
            AugmentationRequest(identifier: "SPIN", value: .range(low: 50, high: -100)),
            AugmentationRequest(identifier: "MIXUP", value: .flag(true)),
            AugmentationRequest(identifier: "CLOCKWISE", value: .flag(false)),
        ]
        let list = try Augmentation.list(requests, rules: rules)
        #expect(list.map(\.type) == [.rotate])
        #expect(list[0].values == -10...5)
        #expect(throws: AugmentationError.self) {
            try Augmentation.list([AugmentationRequest(identifier: "BAD", value: .flag(true))], rules: rules)
        }
    }

    private static func plan(share: Double, version: ObjectID = version) throws -> AugmentationPlan {
        let requests = [
            AugmentationRequest(identifier: "ROTATION", value: .range(low: -20, high: 20)),
            AugmentationRequest(identifier: "FLIP_HORIZONTAL", value: .flag(true)),
        ]
        return AugmentationPlan(
            versionId: version, augmentations: try Augmentation.list(requests, rules: AugmentationRules()),
            share: share)
    }

    @Test(arguments: [(0.1, 30, 3), (0.1, 4, 1), (0.0, 30, 1), (1.0, 7, 7), (0.25, 10, 3)])
    func shareOfFramesIsTakenForEachType(share: Double, frames: Int, count: Int) throws {
        let changes = try Self.plan(share: share).changes(ofTask: Self.task, frames: Array(1...frames))
        for type in [AugmentationType.rotate, .flipHorizontal] {
            #expect(changes.values.count { $0[type] != nil } == count)
        }
    }

    @Test func sameVersionDrawsTheSameAndAnotherDrawsOthers() throws {
        let frames = Array(1...50)
        let first = try Self.plan(share: 0.5).changes(ofTask: Self.task, frames: frames)
        let again = try Self.plan(share: 0.5).changes(ofTask: Self.task, frames: frames.reversed())
        #expect(first == again)
        let other = try Self.plan(share: 0.5, version: ObjectID(seconds: 9, unique: 9))
            .changes(ofTask: Self.task, frames: frames)
        #expect(first != other)
        for change in first.values.compactMap({ $0[.rotate] }) {
            guard case .rotation(let degrees) = change else {
                Issue.record("\(change) is no rotation")
                return
            }
            #expect((-20...20).contains(degrees))
        }
    }

    static let moves: [(change: PictureChange, box: Box, moved: Box?)] = [
        (.flipHorizontal, Box(x: 10, y: 20, width: 30, height: 40), Box(x: 160, y: 20, width: 30, height: 40)),
        (.flipVertical, Box(x: 10, y: 20, width: 30, height: 40), Box(x: 10, y: 40, width: 30, height: 40)),
        (.quarterTurns(1), Box(x: 10, y: 20, width: 30, height: 40), Box(x: 40, y: 10, width: 40, height: 30)),
        (.quarterTurns(2), Box(x: 10, y: 20, width: 30, height: 40), Box(x: 160, y: 40, width: 30, height: 40)),
        (.quarterTurns(3), Box(x: 10, y: 20, width: 30, height: 40), Box(x: 20, y: 160, width: 40, height: 30)),
        (.grayscale(alpha: 1), Box(x: 10, y: 20, width: 30, height: 40), Box(x: 10, y: 20, width: 30, height: 40)),
        // Half of the box is left of the cut, and then three quarters.
        (
            .crop(MarginShares(left: 0.1, top: 0, right: 0, bottom: 0)), Box(x: 10, y: 0, width: 20, height: 10),
            Box(x: 0, y: 0, width: 10 / 0.9, height: 10)
        ),
        (.crop(MarginShares(left: 0.125, top: 0, right: 0, bottom: 0)), Box(x: 8, y: 0, width: 20, height: 10), nil),
    ]

    @Test(arguments: moves)
    func boxMovesWithThePicture(fact: (change: PictureChange, box: Box, moved: Box?)) throws {
        let transform = PictureTransform(fact.change, of: Canvas(width: 200, height: 100))
        let moved = transform.moved(fact.box, minimumVisible: 0.25)
        guard let expected = fact.moved else { return #expect(moved == nil) }
        let box = try #require(moved)
        for (value, wanted) in [
            (box.x, expected.x), (box.y, expected.y), (box.width, expected.width), (box.height, expected.height),
        ] {
            #expect(abs(value - wanted) < 1e-9, "\(fact.change) gives \(box)")
        }
    }
}
