import ArgumentParser
import Configuration
import Experiments
import Gossip
import Graphs
import Spectra
import Training

/// `murmur topology NAME --peers N`: a graph, its mixing matrix, its spectrum.
struct TopologyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "Show a graph of peers, its mixing matrix and how fast it mixes.",
        discussion: """
            Options of the topology follow as key=value: mixing=lazy, rows=4, 'matrix=[[0.5, 0.5], [0.5, 0.5]]'; \
            seed=2 draws another random graph. Where the graph changes from round to round, the matrix is the product \
            of the rounds of one period, the eigenvalue moduli are the product's, and the gap is that of one round \
            on average: 1 - (second largest modulus)^(1/period). Above 512 peers no matrix is printed, and of the \
            moduli the greatest.
            """)

    @Argument(help: "Name of the topology, as `murmur topologies` lists it.") var name: String
    @ArgumentParser.Option(help: "How many peers.") var peers: Int
    @Argument(help: "Options of the topology: key=value.") var options: [String] = []
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        try reportingFailure {
            let matrix = MixingMatrix(try graph())
            guard matrix.weightCount <= MixingMatrix.weightLimit else {
                throw ConfigurationError(
                    key: "peers",
                    "a mixing matrix of more than 200 million weights takes too long to look at; take fewer")
            }
            let spectrum = Spectrum(of: matrix)
            try put(
                json
                    ? topologyJSON(matrix, spectrum).sorted.text + "\n" : topologyText(matrix, spectrum), terminator: ""
            )
        }
    }

    /// The graph, read and checked as an experiment's topology is.
    private func graph() throws -> Graph {
        let settings = options.map { option in
            ["seed=", "topology."].contains(where: option.hasPrefix) ? option : "topology." + option
        }
        do {
            let experiment = try LoadedExperiment(
                yaml: "", named: "defaults",
                overrides: ["algorithm.name=dpsgd", "topology.name=" + name, "peers=\(peers)"] + settings,
                registries: .all
            ).experiment
            return try Graph(
                experiment.topology.name, peers: experiment.peers, seed: UInt64(experiment.seed),
                options: experiment.topology.options)
        } catch let error as ExperimentError {
            // Its keys are arguments of this command.
            let key = error.key.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
            throw ConfigurationError(key: ["name", "topology"].contains(key) ? nil : key, error.message)
        }
    }
}

/// The graph for programs. No matrix above the number of peers to which LAPACK finds all eigenvalues.
func topologyJSON(_ matrix: MixingMatrix, _ spectrum: Spectrum) -> JSON {
    let isSmall = matrix.peers <= Spectrum.denseLimit
    return .object([
        ("name", .string(matrix.graph.name)),
        ("peers", .integer(matrix.peers)),
        ("matrix", isSmall ? .array(matrix.product.map { .array($0.map(JSON.number)) }) : .null),
        ("eigenvalue_moduli", .array(spectrum.moduli.map(JSON.number))),
        ("spectral_gap", .number(spectrum.spectralGap)),
        ("doubly_stochastic", .boolean(matrix.isDoublyStochastic)),
        ("strongly_connected", .boolean(matrix.isConnected)),
        ("period", .integer(Int(matrix.period))),
    ])
}
