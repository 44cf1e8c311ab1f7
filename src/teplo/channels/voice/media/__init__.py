"""Audio of calls: RTP, the 20 ms mixer, recording and playback. Frames are 160 samples of 8 kHz mono int16."""
