import { Component, createRef, h } from "preact";
import * as T from "../texts";
import type { Attachment } from "../types";
import { ui } from "./ui";

/**
 * A picture of the thread. It needs the token, so it is fetched and drawn on a canvas: that also works where the
 * page's policy allows pictures only from known places. Its room is kept from the start, so nothing jumps.
 */
export class Picture extends Component<{ file: Attachment }, { failed: boolean }> {
  private readonly canvas = createRef<HTMLCanvasElement>();

  override componentDidMount(): void {
    const { actions } = ui();
    actions
      .picture(this.props.file)
      .then((blob) => createImageBitmap(blob))
      .then((bitmap) => {
        const target = this.canvas.current;
        if (target === null) return;
        const share = Math.min(1, 1024 / Math.max(bitmap.width, bitmap.height));
        target.width = bitmap.width * share;
        target.height = bitmap.height * share;
        target.getContext("2d")?.drawImage(bitmap, 0, 0, target.width, target.height);
        this.setState({ failed: false });
      })
      .catch(() => this.setState({ failed: true }));
  }

  override render() {
    const { say, actions } = ui();
    const { file } = this.props;
    const { failed } = this.state;
    return (
      <button
        class="picture"
        aria-label={say(T.open, file.name)}
        onClick={() => {
          if (failed) this.componentDidMount();
          else actions.openFile(file);
        }}
      >
        <canvas ref={this.canvas} width={file.width ?? 320} height={file.height ?? 240} />
        {failed && <span>{say(T.retry)}</span>}
      </button>
    );
  }
}
