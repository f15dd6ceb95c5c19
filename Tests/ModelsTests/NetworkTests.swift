import Configuration
import Models
import Testing
import Vectors

@Suite struct NetworkTests {
    @Test func cnnHasPyTorchsNamesAndShapes() throws {
        let network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10)
        let found = network.layout.entries.map { "\($0.name) \($0.shape)" }
        #expect(
            found == [
                "conv1.weight [32, 1, 3, 3]", "conv1.bias [32]", "conv2.weight [64, 32, 3, 3]", "conv2.bias [64]",
                "fc1.weight [128, 3136]", "fc1.bias [128]", "fc2.weight [10, 128]", "fc2.bias [10]",
            ])
        #expect(network.layers.last?.outputShape == [10])
    }

    @Test func windowsAreCountedAsPyTorchDoes() {
        #expect(KernelWindow(kernel: 3, stride: 2, padding: 1).count(along: 8) == 4)
        #expect(KernelWindow(kernel: 2, stride: 2).count(along: 7) == 3)
        #expect(KernelWindow(kernel: 5).count(along: 4) == 0)
    }

    @Test(arguments: [
        ([Layer.dense(name: "a", outputs: 3)], "needs a flat input"),
        ([.flatten, .maxPool(KernelWindow(kernel: 2))], "needs images"),
        ([.convolution(name: "a", filters: 2, KernelWindow(kernel: 9))], "only 8 x 8"),
        ([.maxPool(KernelWindow(kernel: 3, padding: 2))], "more than half"),
        ([.maxPool(KernelWindow(kernel: 17, padding: 8))], "the largest is 16"),
        ([.maxPool(KernelWindow(kernel: 2, stride: 0))], "impossible window"),
        ([.flatten, .dense(name: "a", outputs: 0)], "at least 1"),
        ([.convolution(name: "a", filters: 0, KernelWindow(kernel: 3))], "at least 1"),
        ([.flatten, .dense(name: "a", outputs: 4), .dense(name: "a", outputs: 4)], "two layers are named a"),
        ([.dropout(probability: 1)], "not from 0"),
        ([.flatten, .dense(name: "a", outputs: 4)], "has 3 classes"),
        ([.groupNorm(name: "a", groups: 3), .flatten], "3 groups, which do not divide its 1 channels"),
        ([.flatten, .globalAveragePool], "needs images"),
        (
            [.residual(body: [.maxPool(KernelWindow(kernel: 2))], shortcut: [])],
            "adds shape [1, 8, 8] to shape [1, 7, 7]"
        ),
        ([.batchNorm(name: "a"), .residual(body: [.batchNorm(name: "a")], shortcut: [])], "two layers are named a"),
    ])
    func whatDoesNotFitIsRefusedInOneSentence(_ layers: [Layer], _ words: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Network(name: "n", inputShape: [1, 8, 8], classes: 3, layers: layers)
        }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func cnnSaysWhenImagesAreTooSmall() {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try ModelRegistry.network("cnn", inputShape: [1, 3, 3], classes: 10)
        }
        #expect(error?.message.contains("2 x 2") == true)
    }

    @Test func multiplicationsOfTheSoftmaxAreThoseOfItsTwoProducts() throws {
        let network = try ModelRegistry.network("softmax", inputShape: [1, 28, 28], classes: 10)
        #expect(network.multiplicationsPerSampleInTraining == 2 * 7840)
    }
}
