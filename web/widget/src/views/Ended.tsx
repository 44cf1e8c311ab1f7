import { Icon } from "../icons";
import { useShared } from "./context";

/** After the end: what may be done now. */
export function Ended() {
  const { t, state, controller } = useShared();
  const info = state.thread.info;
  const gradable = !state.expired && info?.can_grade === true && info.grade === null;
  return (
    <div class="after">
      {state.expired && <p>{t.expired}</p>}
      {state.expired && (
        <button type="button" class="btn pri" onClick={() => controller.session.anew()}>
          {t.startAnew}
        </button>
      )}
      {gradable && (
        <button type="button" class="btn pri" onClick={() => controller.showGrading()}>
          {t.rateIt}
        </button>
      )}
      <button type="button" class="btn" onClick={() => controller.transcript()}>
        <Icon name="download" small />
        {t.transcript}
      </button>
      {!state.expired && <p class="sub">{t.again}</p>}
    </div>
  );
}
