/// An operation that makes another picture of one; the raw value stands in keys and documents (contract, section 6).
package enum AugmentationType: String, Codable, Sendable, CaseIterable {
    case flipHorizontal = "flip-horizontal"
    case flipVertical = "flip-vertical"
    case rotate90 = "rotate-90"
    case rotate270 = "rotate-270"
    case rotate180 = "rotate-180"
    case rotate
    case gaussianBlur = "blur-gaussian"
    case averageBlur = "blur-average"
    case medianBlur = "blur-median"
    case gaussianNoise = "noise-gaussian"
    case laplaceNoise = "noise-laplace"
    case shear
    case shearX = "shear-x"
    case shearY = "shear-y"
    case brightnessAdd = "brightness-add"
    case brightnessMultiply = "brightness-multiply"
    case hueAdd = "hue-add"
    case hueMultiply = "hue-multiply"
    case saturationAdd = "saturation-add"
    case saturationMultiply = "saturation-multiply"
    case grayscale
    case crop
    case cropPad = "crop-pad"
    case gammaContrast = "contrast-gamma"
    case sigmoidContrast = "contrast-sigmoid"
    case sharpen

    /// What `aug_map` starts with: the identifiers of the front end. A type is also its own identifier.
    package static let typesByIdentifier: [String: AugmentationType] = [
        "FLIP_HORIZONTAL": .flipHorizontal, "FLIP_VERTICAL": .flipVertical,
        "CLOCKWISE": .rotate90, "COUNTER_CLOCKWISE": .rotate270, "UPSIDE_DOWN": .rotate180, "ROTATION": .rotate,
        "GAUSSIAN_BLUR": .gaussianBlur, "AVERAGE_BLUR": .averageBlur, "MEDIAN_BLUR": .medianBlur,
        "GAUSSIAN_NOISE": .gaussianNoise, "LAPLACE_NOISE": .laplaceNoise,
        "SHEAR": .shear, "SHEAR_X": .shearX, "SHEAR_Y": .shearY,
        "BRIGHTNESS_ADD": .brightnessAdd, "BRIGHTNESS_MULTIPLY": .brightnessMultiply,
        "HUE_ADD": .hueAdd, "HUE_MULTIPLY": .hueMultiply,
        "SATURATION_ADD": .saturationAdd, "SATURATION_MULTIPLY": .saturationMultiply,
        "GRAYSCALE": .grayscale, "CROP": .crop, "CROP_PAD": .cropPad,
        "GAMMA_CONTRAST": .gammaContrast, "SIGMOID_CONTRAST": .sigmoidContrast, "SHARPEN": .sharpen,
    ]

    /// What a drawn value may be; `nil` for switches, which have none.
    package var allowedValues: ClosedRange<Double>? {
        switch self {
        case .flipHorizontal, .flipVertical, .rotate90, .rotate270, .rotate180: nil
        case .rotate: -360...360
        case .shear, .shearX, .shearY: -60...60
        case .gaussianBlur: 0...100
        case .averageBlur, .medianBlur: 1...255
        case .gaussianNoise, .laplaceNoise: 0...255
        case .brightnessAdd, .saturationAdd: -255...255
        case .brightnessMultiply, .hueMultiply, .saturationMultiply: 0...10
        case .hueAdd: -360...360
        case .grayscale, .sharpen: 0...1
        case .crop: 0...45
        case .cropPad: -45...100
        case .gammaContrast: 0.01...10
        case .sigmoidContrast: 0.01...50
        }
    }
}
