package io.rackmark.model.gguf;

/**
 * The line {@code scale * quant - depth} with quants of 0 to 15 that comes nearest to 32 values,
 * large values weighing more: {@code make_qkx2_quants(32, 15, …, -1.f, 0.1f, 20, false)}.
 */
final class LineFit {
    private static final int RUN = 32;
    private static final int MOST = 15;
    private static final int STEPS = 20;

    private final float[] x;
    private final int at;
    private final float[] weights = new float[RUN];
    private float sumW;
    private float sumX;
    private float min;
    private float max;
    private float scale;
    private float best;
    private int[] quants = new int[RUN];

    LineFit(float[] x, int at) {
        this.x = x;
        this.at = at;
        weigh();
        if (max != min) {
            search();
        }
    }

    float scale() {
        return scale;
    }

    /** How far below zero the line begins. */
    float depth() {
        return -min;
    }

    void copyQuants(int[] target, int from) {
        System.arraycopy(quants, 0, target, from, RUN);
    }

    private void weigh() {
        float squares = 0;
        for (int i = 0; i < RUN; i++) {
            squares += x[at + i] * x[at + i];
        }
        float average = (float) Math.sqrt(squares / RUN);
        min = x[at];
        max = x[at];
        for (int i = 0; i < RUN; i++) {
            float value = x[at + i];
            weights[i] = average + Math.abs(value);
            min = Math.min(min, value);
            max = Math.max(max, value);
            sumW += weights[i];
            sumX += weights[i] * value;
        }
        if (min > 0) {
            min = 0;
        }
    }

    private void search() {
        float inverse = MOST / (max - min);
        scale = 1 / inverse;
        round(inverse, quants);
        best = error(quants, scale, min);
        int[] trial = new int[RUN];
        for (int step = 0; step <= STEPS; step++) {
            round((-1f + 0.1f * step + MOST) / (max - min), trial);
            trial = improved(trial);
        }
    }

    private void round(float inverse, int[] target) {
        for (int i = 0; i < RUN; i++) {
            target[i] = Math.clamp(Q4K.nearest(inverse * (x[at + i] - min)), 0, MOST);
        }
    }

    /** Takes the trial when the line of least squares through it is better; gives a spare array. */
    private int[] improved(int[] trial) {
        float sumL = 0;
        float sumLl = 0;
        float sumXl = 0;
        for (int i = 0; i < RUN; i++) {
            float wl = weights[i] * trial[i];
            sumL += wl;
            sumLl += wl * trial[i];
            sumXl += wl * x[at + i];
        }
        float determinant = sumW * sumLl - sumL * sumL;
        if (!(determinant > 0)) {
            return trial;
        }
        float newScale = (sumW * sumXl - sumX * sumL) / determinant;
        float newMin = (sumLl * sumX - sumL * sumXl) / determinant;
        if (newMin > 0) {
            newMin = 0;
            newScale = sumXl / sumLl;
        }
        float error = error(trial, newScale, newMin);
        if (!(error < best)) {
            return trial;
        }
        int[] spare = quants;
        quants = trial;
        best = error;
        scale = newScale;
        min = newMin;
        return spare;
    }

    private float error(int[] candidate, float step, float start) {
        float error = 0;
        for (int i = 0; i < RUN; i++) {
            float difference = step * candidate[i] + start - x[at + i];
            error += weights[i] * (difference * difference);
        }
        return error;
    }
}
