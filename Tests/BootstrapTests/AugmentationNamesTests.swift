import ServiceConfiguration
import Testing

@testable import Bootstrap

@Suite struct AugmentationNamesTests {
    private func check(_ environment: [String: String]) throws {
        let configuration = try Configuration.load(path: nil, environment: environment, workingDirectory: "/nowhere")
        try configuration.augmentation.checkNames(in: "config.cfg")
    }

    @Test(arguments: ["", "CROP, HUE_ADD", "flip-vertical", "MIRROR"])
    func knownNamesPass(names: String) throws {
        try self.check(["AUGMENTATION_DISABLED": names, "AUGMENTATION_AUG_MAP": "MIRROR=flip-horizontal"])
    }

    @Test(arguments: [
        (["AUGMENTATION_DISABLED": "CROP, HUE_ADDD"], "disabled: HUE_ADDD is no augmentation"),
        (["AUGMENTATION_DISABLED": "MIXUP"], "disabled: MIXUP is no augmentation"),
        (["AUGMENTATION_AUG_MAP": "SPIN=spinn"], "aug_map: SPIN is to be spinn, which is no type"),
    ])
    func misspeltNamesAreErrors(environment: [String: String], sentence: String) {
        let error = #expect(throws: ConfigurationError.self) { try self.check(environment) }
        #expect(error?.description.contains(sentence) == true)
    }
}
