package import Configuration
import Datasets
import Foundation
package import Models
import Vectors

/// What a run asks of its machine at least: refused before anything is allocated where the machine cannot have it.
package struct MachineNeeds {
    package let network: Network
    /// Peers that learn in this process.
    package let peers: Int
    package let batch: Int
    package let threadsPerPeer: Int

    /// What a run of these needs.
    package init(network: Network, peers: Int, batch: Int, threadsPerPeer: Int) {
        self.network = network
        self.peers = peers
        self.batch = batch
        self.threadsPerPeer = threadsPerPeer
    }

    /// Throws a sentence with what is needed and what there is.
    ///
    /// - Parameters:
    ///   - memoryBytes: The memory of the machine.
    ///   - processors: How many threads it carries out at once.
    package func check(
        memoryBytes: UInt64 = ProcessInfo.processInfo.physicalMemory,
        processors: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws(ConfigurationError) {
        // Some more than there are processors compute well, and repeat what a larger machine has computed.
        guard threadsPerPeer <= 8 * processors else {
            throw ConfigurationError(
                key: "threads_per_peer",
                "\(threadsPerPeer) threads are too many for the \(processors) processors of this machine")
        }
        let models = 4 * Double(network.layout.count) * Double(peers)
        let numbers = ([network.inputShape] + network.layers.flatMap(\.all).map(\.outputShape)).reduce(0.0) {
            sum, shape in
            sum + shape.reduce(1.0) { $0 * Double($1) }
        }
        let activations = 4 * Double(batch) * numbers
        guard models + activations > Double(memoryBytes) else { return }
        let memory = "and this machine has \(Self.gigabytes(Double(memoryBytes))) of memory"
        guard models < activations else {
            let count = network.layout.count
            throw ConfigurationError(
                key: peers > 1 && 4 * Double(count) < Double(memoryBytes) ? "peers" : "model.name",
                "\(network.name) has \(count) parameters, which take \(Self.gigabytes(models)) for \(peers) peers, "
                    + memory)
        }
        throw ConfigurationError(
            key: "batch", "\(batch) images in \(network.name) take \(Self.gigabytes(activations)), \(memory)")
    }

    /// How many bytes of images are held at the most, that the machine have memory for the rest.
    ///
    /// - Parameter memoryBytes: The memory of the machine.
    package static func mostHeldBytes(memoryBytes: UInt64 = ProcessInfo.processInfo.physicalMemory) -> Int {
        min(UnreadDataset.mostHeldBytes, Int(clamping: memoryBytes / 8))
    }

    private static func gigabytes(_ bytes: Double) -> String { String(format: "%.3g GB", bytes / 1e9) }
}
