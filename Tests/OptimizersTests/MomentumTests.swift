import Optimizers
import Testing
import Vectors

/// Four steps of PyTorch 2.13's `torch.optim.SGD(lr: 0.1)`, its rate cut to 0.01 before the third.
@Suite struct MomentumTests {
    private let start: [Float] = [1, -2, 0.5, 3, -0.25]
    private let gradients: [[Float]] = [
        [0.5, -1.25, 0.3, 2.0, -0.7], [0.1, 0.9, -0.6, -1.5, 0.35],
        [-0.2, 0.45, 1.1, 0.05, -0.9], [0.8, -0.33, 0.27, 0.6, 0.15],
    ]

    @Test func plainDescentGoesWherePyTorchGoes() {
        check(
            Optimizer(count: 5, learningRate: 0.1), decay: 0,
            [
                [0.949999988079071, -1.875, 0.4699999988079071, 2.799999952316284, -0.18000000715255737],
                [0.9399999976158142, -1.965000033378601, 0.5300000309944153, 2.950000047683716, -0.2150000035762787],
                [0.9419999718666077, -1.9695000648498535, 0.5190000534057617, 2.94950008392334, -0.20600000023841858],
                [0.9339999556541443, -1.9662001132965088, 0.5163000822067261, 2.94350004196167, -0.20749999582767487],
            ])
    }

    @Test func heavyBallGoesWherePyTorchGoes() {
        check(
            momentum(), decay: 0,
            [
                [0.949999988079071, -1.875, 0.4699999988079071, 2.799999952316284, -0.18000000715255737],
                [0.8949999809265137, -1.8524999618530273, 0.503000020980835, 2.7699999809265137, -0.15200001001358032],
                [
                    0.8920499682426453, -1.8549749851226807, 0.49497002363204956, 2.7667999267578125,
                    -0.14048001170158386,
                ],
                [0.8813949823379517, -1.8539024591445923, 0.4850430190563202, 2.757920026779175, -0.13161201775074005],
            ])
    }

    @Test func nesterovGoesWherePyTorchGoes() {
        check(
            momentum(isNesterov: true), decay: 0,
            [
                [0.9049999713897705, -1.7625000476837158, 0.4429999887943268, 2.619999885559082, -0.11700000613927841],
                [0.8454999923706055, -1.8322499990463257, 0.5327000021934509, 2.742999792098999, -0.12680000066757202],
                [0.8448449969291687, -1.8389774560928345, 0.514473021030426, 2.739619731903076, -0.10743200033903122],
                [
                    0.8272554874420166, -1.8347121477127075, 0.5028387308120728, 2.7256276607513428,
                    -0.10095079988241196,
                ],
            ])
    }

    @Test func weightDecayInTheGradientGoesWherePyTorchGoes() {
        check(
            momentum(), decay: 0.01,
            [
                [0.9490000009536743, -1.8730000257492065, 0.46950000524520874, 2.796999931335449, -0.179749995470047],
                [0.8921509981155396, -1.8468270301818848, 0.501580536365509, 2.761502981185913, -0.15134525299072266],
                [
                    0.8889454007148743, -1.8487868309020996, 0.4934176206588745, 2.7575321197509766,
                    -0.13977369666099548,
                ],
                [0.8779714703559875, -1.8470656871795654, 0.4833216667175293, 2.747682571411133, -0.130845308303833],
            ])
    }

    @Test func aResetForgetsTheVelocityAndKeepsTheRate() {
        var optimizer = momentum()
        var model = FlatVector(start)
        take(&optimizer, &model, gradients[1])
        optimizer.reset()
        model = FlatVector(start)
        take(&optimizer, &model, gradients[0])
        #expect(model.array() == zip(start, gradients[0]).map { $0 - 0.1 * $1 })
    }

    @Test func stateCarriesOverToAnotherOptimizer() {
        var first = momentum(isNesterov: true)
        var model = FlatVector(start)
        take(&first, &model, gradients[0])
        let middle = model.array()

        let saved = first.state
        #expect(saved.vectors == ["momentum": gradients[0]] && saved.words.isEmpty)
        var second = momentum(isNesterov: true)
        second.state = saved
        var resumed = FlatVector(middle)
        take(&first, &model, gradients[1])
        take(&second, &resumed, gradients[1])
        #expect(resumed.array() == model.array())
    }

    private func momentum(isNesterov: Bool = false) -> Optimizer {
        Optimizer(
            count: 5, learningRate: 0.1, [Momentum(count: 5, momentum: 0.9, isNesterov: isNesterov)])
    }

    private func check(
        _ optimizer: consuming Optimizer, decay: Float, _ expected: [[Float]]
    ) {
        var model = FlatVector(start)
        for (step, given) in gradients.enumerated() {
            var gradient = FlatVector(given)
            if decay != 0 {
                let parameters = model.array()
                gradient.write { GradientShaping(weightDecay: decay).apply(to: &$0, at: parameters.span) }
            }
            optimizer.learningRate = step < 2 ? 0.1 : 0.01
            take(&optimizer, &model, gradient.array())
            // One rounding of difference is PyTorch's fused multiply-add; two are allowed for.
            for (ours, theirs) in zip(model.array(), expected[step]) {
                #expect(abs(ours - theirs) <= 2 * theirs.ulp)
            }
        }
    }

    private func take(
        _ optimizer: inout Optimizer, _ model: inout FlatVector, _ gradient: [Float]
    ) {
        model.write { optimizer.update(&$0, along: gradient.span) }
    }
}
