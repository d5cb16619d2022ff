import Domain
import Foundation
import Testing

@testable import FrameKit

/// What changes in place do to plain colours and edges.
@Suite struct AugmentationPixelTests {
    /// A change, a colour, and the colour that must come out, within a few steps.
    static let colours: [(change: PictureChange, before: [UInt8], after: [UInt8])] = [
        (.brightnessAdd(40), [100, 100, 100], [140, 140, 140]),
        (.brightnessAdd(-300), [100, 100, 100], [0, 0, 0]),
        (.brightnessMultiply(1.5), [100, 100, 100], [150, 150, 150]),
        (.hueMultiply(1), [60, 180, 60], [60, 180, 60]),
        (.saturationMultiply(0), [200, 60, 60], [90, 90, 90]),
        (.saturationAdd(0), [60, 60, 180], [60, 60, 180]),
        (.grayscale(alpha: 1), [200, 60, 60], [90, 90, 90]),
        (.grayscale(alpha: 0), [200, 60, 60], [200, 60, 60]),
        (.gammaContrast(2), [128, 64, 255], [64, 16, 255]),
        (.sigmoidContrast(gain: 10), [128, 64, 192], [128, 19, 237]),
        (.sharpen(alpha: 0.5), [120, 120, 120], [120, 120, 120]),
        (.gaussianBlur(sigma: 3), [120, 90, 60], [120, 90, 60]),
        (.averageBlur(radius: 2), [120, 90, 60], [120, 90, 60]),
        (.medianBlur(radius: 2), [120, 90, 60], [120, 90, 60]),
    ]

    private static func picture(_ media: PictureMedia, _ colour: [UInt8]) async throws -> Picture {
        let digits = colour.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return try await media.picture(of: "color=0x\(digits):size=64x48,format=rgb24")
    }

    @Test(arguments: colours)
    func plainColourBecomesAnother(fact: (change: PictureChange, before: [UInt8], after: [UInt8])) async throws {
        let media = try PictureMedia()
        let changed = try PictureAugmenter().apply(fact.change, to: try await Self.picture(media, fact.before))
        let middle = Array(try changed.rgb[(24 * 64 + 32) * 3..<(24 * 64 + 33) * 3])
        #expect(distance(middle, fact.after) <= 6, "\(fact.change) makes \(middle) of \(fact.before)")
    }

    @Test func hueGoesFromRedToYellowToGreen() async throws {
        let media = try PictureMedia()
        let picture = try await Self.picture(media, [200, 60, 60])
        let yellow = try PictureAugmenter().apply(.hueAdd(degrees: 60), to: picture).rgb.prefix(3).map(Int.init)
        #expect(abs(yellow[0] - yellow[1]) < 40 && yellow[2] < yellow[0] - 40, "\(yellow)")
        let green = try await Self.picture(media, [60, 180, 60])
        let halved = try PictureAugmenter().apply(.hueMultiply(0.5), to: green).rgb.prefix(3).map(Int.init)
        #expect(abs(halved[0] - halved[1]) < 40 && halved[2] < halved[0] - 40, "\(halved)")
    }

    /// The spread of brightness that noise gives a grey picture: the standard deviation of the distribution.
    @Test(arguments: [
        (PictureChange.gaussianNoise(scale: 20, seed: 7), 20.0),
        (PictureChange.laplaceNoise(scale: 14, seed: 7), 19.8),
    ])
    func noiseHasTheSpreadOfItsDistribution(change: PictureChange, spread: Double) async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(of: "color=gray:size=320x240,format=rgb24")
        let gray = try PictureAugmenter().apply(change, to: picture).gray.map(Double.init)
        let mean = gray.reduce(0, +) / Double(gray.count)
        let variance = gray.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gray.count)
        #expect(abs(mean - 128) < 2)
        #expect(abs(variance.squareRoot() - spread) < 1.5, "the spread is \(variance.squareRoot())")
    }

    @Test func noiseIsTheSameForTheSameSeedOnly() async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(of: "color=gray:size=64x48,format=rgb24")
        let noises = try [3, 3, 4].map {
            try PictureAugmenter().apply(.gaussianNoise(scale: 20, seed: $0), to: picture).gray
        }
        #expect(noises[0] == noises[1])
        #expect(distance(noises[0], noises[2]) > 20)
    }

    @Test func sharpeningSteepensAndBlurringFlattensAnEdge() async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(
            of: "color=0x505050:size=64x48,format=rgb24,drawbox=x=32:y=0:w=32:h=48:color=0xB0B0B0:t=fill")
        func step(_ change: PictureChange) throws -> Int {
            let row = try PictureAugmenter().apply(change, to: picture).gray[24 * 64..<25 * 64]
            return Int(row[row.startIndex + 32]) - Int(row[row.startIndex + 31])
        }
        #expect(try step(.sharpen(alpha: 0.5)) > 120)
        for change in [PictureChange.gaussianBlur(sigma: 2), .averageBlur(radius: 3)] {
            #expect(try step(change) < 40)
        }
    }
}
